// Shows the connection for what it is: a cursor. It can be cut and taken up again.

const LOG_LINES = 40;

const NAMES = { waiting: 'reconnecting' };
const REASONS = {
  'no-answer': 'no answer from the server. It is away, or this browser has no free connection to it:'
    + ' it has six for all tabs, so close other tabs of this page',
  silent: 'the connection died without a word',
  ended: 'the server ended the connection',
  network: 'the server cannot be reached',
  unauthorized: 'the server wants a new token',
  'token-expired': 'the token is over and is being renewed',
  'token-callback': 'the token cannot be renewed now',
  buffered: 'something on the way to the server collects the stream',
  'not-a-stream': 'what answers is not the server',
  draining: 'the server ended the connection',
  admin: 'an operator has ended the connection',
  overloaded: 'the server has too much to do',
  unavailable: 'the server cannot read its log now',
  'too-many-streams': 'too many streams are open from this address',
  'change-lost': 'the server has not said what became of a change of channels',
};

/** The state of a stream in words: what it does, and why if something is wrong. */
export function stateInWords({ state, detail }) {
  const isStatus = ['status', 'rate-limited', 'forbidden'].includes(detail.reason);
  const reason = isStatus ? `the server answers ${detail.status}` : REASONS[detail.reason] ?? detail.reason ?? '';
  return { name: NAMES[state] ?? state, reason };
}

export class ConnectionPanel {
  constructor(root, stream) {
    this.root = root;
    this.stream = stream;
    this.#find('cut').addEventListener('click', () => stream.cut());
    this.#find('resume').addEventListener('click', () => stream.connect());
    stream.addEventListener('state', () => this.#onState());
    stream.addEventListener('cursor', () => { this.#find('cursor').textContent = stream.cursor; });
    stream.addEventListener('event', () => { this.#find('received').textContent = stream.received; });
    stream.addEventListener('channels', () => this.#showChannels());
    stream.addEventListener('control', ({ detail }) => this.#onControl(detail));
  }

  #onState() {
    const { stream } = this;
    const { name, reason } = stateInWords(stream);
    const state = this.#find('state');
    state.textContent = name;
    state.dataset.state = stream.state;
    const why = this.#find('state-reason');
    why.textContent = reason && `${reason[0].toUpperCase()}${reason.slice(1)}.`;
    why.hidden = reason === '';
    this.#find('sharing').textContent = stream.isShared ? 'by the tabs of this person' : 'no, of this tab alone';
    const cutByUs = stream.state === 'cut' || stream.state === 'closed';
    this.#find('cut').disabled = cutByUs;
    this.#find('resume').disabled = !cutByUs;
    if (stream.state === 'cut') this.#note(`cut at ${stream.cursor ?? 'no cursor'}`);
    if (stream.state === 'waiting') {
      this.#note(`${reason}; next attempt in ${(stream.detail.retryMs / 1000).toFixed(1)} s`, 'warn');
    }
  }

  #onControl({ type, data }) {
    switch (type) {
      case 'stream.open':
        this.#find('connection-id').textContent = data.connection_id;
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

  #showChannels() {
    const { channels } = this.stream;
    this.#find('channels').textContent = channels.length === 0 ? '–' : channels.join(', ');
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
