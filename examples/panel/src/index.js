export { fetchToken, ofAddress } from './page.js';
export { Panel } from './panel.jsx';
export { Notice } from './notice.jsx';
