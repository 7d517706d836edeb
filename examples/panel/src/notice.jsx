// What a hook's `error` means for whoever looks at the page.

const GAPS = {
  retention: 'Events are missing: they were older than what the server keeps.',
  'slow-reader': 'Events are missing: there were more than this page could take.',
  'position-lost': 'Events are missing: the server could not go on where the stream was.',
  unreadable: 'An event could not be read.',
};
const REFUSALS = {
  forbidden: 'your token has no grant to read it',
  access_revoked: 'your grant to read it was taken back',
  undeclared: 'the server has no such namespace',
  invalid: 'that is no name of a channel',
};

/**
 * Says what is missing, and takes it away when somebody has read it.
 * @param {{error: Error | null, clear?: () => void}} props `error` and `clear` as the hook gives them
 */
export function Notice({ error, clear }) {
  const text = textOf(error);
  if (!text) return null;
  return (
    <p className="notice" role="alert">
      {text} {clear && <button type="button" className="quiet" onClick={clear}>Clear</button>}
    </p>
  );
}

/** @param {any} error @returns {string | null} */
function textOf(error) {
  // That there is no connection is said once for the panel.
  if (!error || error.name === 'Disconnected') return null;
  const { delivery, refusal, message } = error;
  // Another tab follows the channel already, and only what that has kept of its past is here.
  if (delivery?.reason === 'joined-late') return null;
  if (delivery?.kind === 'gap') return `${GAPS[delivery.reason] ?? message}${delivery.lost ? ` At most ${delivery.lost}.` : ''}`;
  if (delivery?.kind === 'reset') return `The stream began anew (${delivery.reason}): events may be missing or come again.`;
  if (refusal) return `${refusal.channel} is not shown: ${REFUSALS[refusal.reason] ?? refusal.reason}.`;
  return message;
}
