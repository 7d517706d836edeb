import { served } from '@tailrace-examples/panel/vite';

export default served;
