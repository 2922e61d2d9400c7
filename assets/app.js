// What script adds to pages that work without it. An ES module, so a browser too old for it reads none.
//
// - the error summary takes the focus, and its links bring the question into view, not only its field;
// - a text with a limit says how much of it is left;
// - a form that was sent is not sent again by a second click.

/** The error summary, as the NHS frontend behaves. */
for (const summary of document.querySelectorAll('.nhsuk-error-summary')) {
  summary.setAttribute('tabindex', '-1');
  summary.addEventListener('blur', () => summary.removeAttribute('tabindex'), { once: true });
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    const field = link && link.hash && document.getElementById(link.hash.slice(1));
    if (!field) return;
    const set = field.closest('fieldset');
    const heading = (set && set.querySelector('legend')) || document.querySelector(`label[for="${field.id}"]`);
    if (!heading) return;
    event.preventDefault();
    heading.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

/** Texts with a limit: seen at once, said when the writer pauses. */
for (const group of document.querySelectorAll('[data-limit]')) {
  const text = group.querySelector('textarea, input');
  const message = group.querySelector('[data-limit-message]');
  const limit = Number(group.dataset.limit);
  if (!text || !message) continue;
  const said = document.createElement('div');
  said.className = 'nhsuk-u-visually-hidden';
  said.setAttribute('aria-live', 'polite');
  const seen = document.createElement('div');
  seen.className = 'nhsuk-hint app-limit';
  seen.setAttribute('aria-hidden', 'true');
  message.classList.add('nhsuk-u-visually-hidden');
  message.after(seen, said);
  let pause = 0;
  const count = () => {
    const left = limit - [...text.value].length;
    const many = Math.abs(left).toLocaleString('en-GB');
    const word = Math.abs(left) === 1 ? 'character' : 'characters';
    seen.textContent = left < 0 ? `You have ${many} ${word} too many` : `You have ${many} ${word} remaining`;
    seen.classList.toggle('nhsuk-error-message', left < 0);
    clearTimeout(pause);
    pause = setTimeout(() => { said.textContent = seen.textContent; }, 1000);
  };
  text.addEventListener('input', count);
  window.addEventListener('pageshow', count);
  count();
}

/** One click, one form. The server makes one record of two all the same. */
for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = 0;
  form.addEventListener('submit', (event) => {
    const now = Date.now();
    if (now - sent < 1000) event.preventDefault();
    sent = now;
  });
  window.addEventListener('pageshow', () => { sent = 0; });
}
