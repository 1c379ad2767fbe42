/** Every page in a real browser, on the real Worker with the real data. */

import { useSite } from '../site.ts';
import { everyPage } from './every-page.ts';
import { matrixPage } from './matrix.ts';
import { packagePage } from './package.ts';
import { packagesPage } from './packages.ts';
import { patchedWheels } from './patched.ts';
import { pictures } from './pictures.ts';
import { resolvePage } from './resolve.ts';
import { tasks } from './tasks.ts';
import { upgradePage } from './upgrade.ts';

useSite();
everyPage();
pictures();
matrixPage();
resolvePage();
packagesPage();
packagePage();
patchedWheels();
upgradePage();
tasks();
