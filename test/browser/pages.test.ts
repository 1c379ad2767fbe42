/** Every page in a real browser, on the real Worker with the real data. */
import { everyPage } from './pages/every-page.ts';
import { matrixPage } from './pages/matrix.ts';
import { packagePage } from './pages/package.ts';
import { packagesPage } from './pages/packages.ts';
import { patchedWheels } from './pages/patched.ts';
import { pictures } from './pages/pictures.ts';
import { resolvePage } from './pages/resolve.ts';
import { upgradePage } from './pages/upgrade.ts';
import { useSite } from './site.ts';

useSite();
everyPage();
pictures();
matrixPage();
resolvePage();
packagesPage();
packagePage();
patchedWheels();
upgradePage();
