// A question that is answered before something is done that cannot be taken back. The browser keeps the focus inside and gives it back.

const dialog = document.querySelector('#confirm');
let answer = null;

dialog.querySelector('#confirm-yes').addEventListener('click', () => finish(true));
dialog.querySelector('#confirm-no').addEventListener('click', () => finish(false));
// Escape is a no. The event comes later than the end, when the next question may have been asked.
dialog.addEventListener('close', () => { if (!dialog.open) finish(false); });

/** @param {string} title @param {string} text @param {string} [yes] what is done, in words @returns {Promise<boolean>} */
export function confirmed(title, text, yes = 'Disconnect') {
  dialog.querySelector('#confirm-yes').textContent = yes;
  dialog.querySelector('#confirm-title').textContent = title;
  dialog.querySelector('#confirm-text').textContent = text;
  finish(false);
  return new Promise(resolve => {
    answer = resolve;
    dialog.showModal();
  });
}

function finish(isYes) {
  const waiting = answer;
  answer = null;
  if (dialog.open) dialog.close();
  waiting?.(isYes);
}
