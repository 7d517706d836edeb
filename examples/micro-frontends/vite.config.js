import { served } from '@tailrace-examples/common/vite';

export default served;
