/** `pinwheel adopt`: FastAPI, Flask and Django projects that become Workers, which answer. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_WHEELHOUSE, useWorkshop, wheelhouse } from './project.ts';
import { openShelf } from './shelf.ts';
import { serve } from './workerd.ts';

if (wheelhouse === null) console.log(`Adopted projects on workerd ${NO_WHEELHOUSE}`);

const django = (kind: string) => `import os

from django.core.${kind} import get_${kind}_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_${kind}_application()
`;

describe.runIf(wheelhouse !== null)('adopted', () => {
  const workshop = useWorkshop();

  const projects: [string, Record<string, string>][] = [
    [
      'FastAPI',
      {
        'app/main.py': `import uvicorn
from fastapi import FastAPI

from app.words import HELLO

app = FastAPI()


@app.get("/")
def hello():
    return HELLO


if __name__ == "__main__":
    uvicorn.run("app.main:app", reload=True)
`,
        'app/words.py': 'HELLO = "Hello from FastAPI"\n',
        'requirements.txt': 'fastapi\nuvicorn[standard]\ngunicorn==22.0.0\n',
      },
    ],
    [
      'Flask',
      {
        'wsgi.py': 'from shop import create_app\n\napp = create_app()\n',
        'shop/__init__.py': `from flask import Flask, render_template


def create_app():
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: render_template("hello.html", name="Flask"))
    return app
`,
        'shop/templates/hello.html': 'Hello from {{ name }}',
        'requirements.txt': 'Flask==3.1.3\ngunicorn==22.0.0\ncelery\n',
      },
    ],
    [
      'Django',
      {
        'manage.py': 'import sys\n\nfrom django.core.management import execute_from_command_line\n',
        'shop/__init__.py': '',
        'shop/settings.py': `SECRET_KEY = "of a test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
`,
        'shop/urls.py': `from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("Hello from Django"))]
`,
        'shop/asgi.py': django('asgi'),
        'shop/wsgi.py': django('wsgi'),
        'requirements.txt': 'Django==5.2.17\ngunicorn==22.0.0\npsycopg2-binary==2.9.9\n',
      },
    ],
  ];

  // The Django project takes longer than both others.
  test.each(process.env.TEST_ALL ? projects : projects.slice(0, 2))('%s answers', async (name, files) => {
    const { set } = await openShelf();
    const cwd = await workshop.pinwheel.folderWith(files);
    const adopted = await workshop.pinwheel.run(['adopt', '--yes'], { cwd });
    expect(adopted.code, adopted.stderr).toBe(0);
    const built = await workshop.build(cwd, '--set', set, '--no-index', '--no-snapshot');
    expect(built.code, built.stderr).toBe(0);
    await using served = await serve(join(cwd, 'dist/worker'));
    const response = await fetch(served.origin);
    expect(await response.text(), served.said()).toContain(`Hello from ${name}`);
    expect(response.status).toBe(200);
  });
});
