// Loads each micro frontend from where it is deployed. One that is not there does not take the others with it.

import '@tailrace-examples/panel/look.css';

for (const element of document.querySelectorAll('[data-mount]')) {
  const name = element.getAttribute('data-mount');
  try {
    const { mount } = await import(/* @vite-ignore */ new URL(`./${name}/mount.js`, document.baseURI).href);
    mount(element);
  } catch (error) {
    element.className += ' panel';
    element.textContent = `${name} could not be loaded: ${error.message}`;
  }
}
