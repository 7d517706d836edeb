// Shows the connection for what it is: a cursor. It can be cut and taken up again.

const LOG_LINES = 40;

export class ConnectionPanel {
  constructor(root, stream) {
    this.root = root;
    this.stream = stream;
    const cut = this.#find('cut');
    const resume = this.#find('resume');
    cut.addEventListener('click', () => stream.cut());
    resume.addEventListener('click', () => stream.connect());
    stream.addEventListener('state', () => {
      const state = this.#find('state');
      state.textContent = stream.state;
      state.dataset.state = stream.state;
      const cutByUs = stream.state === 'cut' || stream.state === 'closed';
      cut.disabled = cutByUs;
      resume.disabled = !cutByUs;
      if (stream.state === 'cut') this.#note(`cut at ${stream.cursor ?? 'no cursor'}`);
    });
    stream.addEventListener('cursor', () => { this.#find('cursor').textContent = stream.cursor; });
    stream.addEventListener('event', () => { this.#find('received').textContent = stream.received; });
    stream.addEventListener('control', ({ detail }) => this.#onControl(detail));
  }

  #onControl({ type, data }) {
    switch (type) {
      case 'stream.open':
        this.#find('connection-id').textContent = data.connection_id;
        this.#find('channels').textContent = data.channels.map(c => c.channel).join(', ');
        this.#note(`open: ${data.channels.map(c => c.channel).join(', ')}`);
        break;
      case 'stream.caught_up': {
        const told = `${data.events} events in ${data.ms} ms`;
        this.#find('catch-up').textContent = told;
        this.#note(`caught up: ${told}${data.resumed ? ', resumed at the cursor' : ''}`);
        break;
      }
      case 'stream.gap':
        this.#note(`gap: ${JSON.stringify(data)}`, 'warn');
        break;
      default:
        this.#note(`${type} ${JSON.stringify(data)}`, type === 'stream.reset' ? 'warn' : '');
    }
  }

  #note(text, kind = '') {
    const item = document.createElement('li');
    item.className = kind;
    item.textContent = `${new Date().toLocaleTimeString()}  ${text}`;
    const log = this.#find('log');
    log.prepend(item);
    while (log.childElementCount > LOG_LINES) log.lastElementChild.remove();
  }

  #find(id) {
    return this.root.querySelector(`#${id}`);
  }
}
