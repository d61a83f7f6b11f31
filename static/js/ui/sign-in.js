/** Staff sign-in, used at the desk and where a recording asks for it. */
import {html, useSignal} from '../html.js';
import {sentence} from '../http.js';
import {t} from '../language.js';
import {Field, FormError} from './fields.js';

/** @param {{onSignIn: (userName: string, password: string) => Promise<void>, lead?: string}} props */
export function SignIn({onSignIn, lead}) {
  const userName = useSignal('');
  const password = useSignal('');
  const error = useSignal('');
  const isBusy = useSignal(false);
  /** @param {Event} event */
  const submit = async (event) => {
    event.preventDefault();
    isBusy.value = true;
    error.value = '';
    try {
      await onSignIn(userName.value, password.value);
    } catch (failure) {
      error.value = sentence(failure);
    }
    isBusy.value = false;
  };
  return html`<form class="card narrow" data-testid="sign-in" onSubmit=${submit}>
    <h1>${t('signin.title')}</h1>
    ${lead && html`<p>${lead}</p>`}
    <${Field} label=${t('signin.user')} name="user_name" autocomplete="username" value=${userName.value} onValue=${(/** @type {string} */ v) => { userName.value = v; }} />
    <${Field} label=${t('signin.password')} name="password" type="password" autocomplete="current-password" value=${password.value} onValue=${(/** @type {string} */ v) => { password.value = v; }} />
    <${FormError} text=${error.value} />
    <button type="submit" class="button primary big" data-testid="btn-sign-in" disabled=${isBusy.value}>${t('signin.go')}</button>
  </form>`;
}
