"""QR codes (ISO/IEC 18004) for join links."""

import segno


def svg_address(text: str) -> str:
    """`text` as a QR code in a `data:image/svg+xml` address for an `<img>`.

    Black on white with the standard's quiet zone of 4 modules, so that it reads on a dark page too; error
    correction M, which survives a crease. Raises segno.DataOverflowError above about 2 300 bytes.
    """
    code = segno.make_qr(text, error="m")
    address: str = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff", encode_minimal=True)
    return address
