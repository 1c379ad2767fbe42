import type { Finding } from '../../../resolver/python/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { Fix, Sentence } from '../components/sentence.tsx';

/** The findings in the files of a dropped project on the chosen date. */
export function FileFindings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="_files">
      <h2 id="_files">In your files</h2>
      <ul class="notices">
        {findings.map(({ severity, message, fix, path, line }) => (
          <li class={`notice ${severity}`}>
            <p>
              <code>{printable(`${path}:${line}`)}</code> <Sentence text={message} />
            </p>
            <Fix fix={fix} />
          </li>
        ))}
      </ul>
    </section>
  );
}
