import { microFrontend } from '@tailrace-examples/common/vite';

export default microFrontend;
