// The page of this example alone.

import '@tailrace-examples/panel/look.css';
import { mount } from './mount.jsx';

mount(document.querySelector('#root'));
