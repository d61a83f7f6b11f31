"""What holds for every test: a property is judged by what it finds, never by how long one example took."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
