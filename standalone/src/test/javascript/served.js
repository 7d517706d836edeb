// Finds the modules of the pages under the addresses at which they are served: see served-hooks.js. To be imported first.

import { register } from 'node:module';

register('./served-hooks.js', import.meta.url);
