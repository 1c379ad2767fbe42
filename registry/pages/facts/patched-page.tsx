import { HTTPX2_USERS, httpx2Remark } from '../../../resolver/provenance.ts';
import { setPath } from '../components/addresses.ts';
import { type Dated, FactPage } from '../components/document.tsx';
import { flagName } from '../components/links.tsx';
import { Commas, Section } from '../components/text.tsx';

interface PatchedPageProps extends Dated {
  /** The package flags of Pinwheel-built sets, one of each ABI. */
  flags: readonly string[];
}

/** A page that defines patched wheels, names who patches them, and links to their lists. */
export function PatchedPage({ flags, view, asOf }: PatchedPageProps) {
  return (
    <FactPage
      title="Patched wheels"
      description="The httpx and aiohttp wheels that go through fetch in Python Workers: what is patched, and how to get them."
      place="/patched"
      {...{ view, asOf }}
    >
      <p class="prose">
        A package set says who changed a file after its project released it, if that is known: Pinwheel,
        Pyodide or Cloudflare. Compiling a package for WebAssembly is not a patch.
      </p>
      <Section id="_pinwheel" title="Patched by Pinwheel">
        <div class="prose">
          <p>
            HTTP clients use sockets, which Python in a Worker cannot open before 3.14. Pinwheel lays its own
            Python files over the project’s wheel, so that on Emscripten the client’s requests go through{' '}
            <code>fetch</code>. Redirects, cookies, authentication and everything else above the transport
            stay the project’s own code. Compiled files of the project’s wheel are left out: its own Python
            does the same. Off Emscripten the wheel does what the project’s does.
          </p>
          <p>
            A client cannot do what <code>fetch</code> cannot: proxies, client certificates, certificates of
            your own, choosing an HTTP version. It rejects such an option, or warns if nothing depends on it,
            and never ignores one silently.
          </p>
          <p>{httpx2Remark(new Set(['httpx2']), new Set(HTTPX2_USERS))!.message}</p>
          <p>
            The version says that a wheel is patched: <code>0.28.1+pinwheel.1</code> is release 1 of the patch
            of 0.28.1. In the wheel, <code>PINWHEEL.json</code> lists each file that was added, changed or
            removed; all others are the project’s, byte for byte. The package’s page names the file and
            SHA-256 that it was made from, the SHA-256 of the recipe (every file of the patch), and the
            command that makes the same bytes again on any machine.
          </p>
        </div>
        {flags.length > 0 && (
          <p class="prose">
            The newest package sets with such wheels:{' '}
            <Commas
              items={flags.map((flag) => (
                <a class="long" href={`${setPath(flag)}?kind=patched`}>
                  {flagName(flag)}
                </a>
              ))}
            />
          </p>
        )}
      </Section>
      <Section id="_pyodide" title="Patched by Pyodide">
        <p class="prose">
          Pyodide changes packages as it builds them, but its lock files do not say which. A set names those
          that can be told, such as an <code>httpx</code> without its dependencies. Others may be changed too.
        </p>
      </Section>
      <Section id="_cloudflare" title="Patched by Cloudflare">
        <p class="prose">
          Cloudflare repacks the packages of its own sets as archives. A set names those that are known to
          differ otherwise, too, from what their projects released.
        </p>
      </Section>
    </FactPage>
  );
}
