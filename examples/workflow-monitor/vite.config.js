import { microFrontend } from '@tailrace-examples/panel/vite';

export default microFrontend;
