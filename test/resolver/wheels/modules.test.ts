import { expect, test } from 'vitest';
import { modulesAmong } from '../../../resolver/wheels/files.ts';

test('the modules of a wheel: packages, modules, compiled ones, namespaces, and those in its data folder', () => {
  const paths = [
    'django/__init__.py',
    'django/conf/locale/de/formats.py',
    'six.py',
    '_cffi_backend.cpython-313-wasm32-emscripten.so',
    'lzma/_lzma.abi3.so',
    'google/protobuf/__init__.py',
    'tool-1.0.data/purelib/tool/__init__.py',
    'tool-1.0.data/scripts/run.py',
    'tool-1.0.dist-info/METADATA',
    'tool-1.0.dist-info/licenses/LICENSE.py',
    'numpy.libs/libfoo.so',
    'share/readme.txt',
    'my-scripts/a.py',
    'README.py.txt',
  ];
  expect(modulesAmong(paths)).toEqual(['_cffi_backend', 'django', 'google', 'lzma', 'six', 'tool']);
});
