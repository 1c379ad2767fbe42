import { publisherOf, sourceText } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { SetLink } from '../components/links.tsx';

/** The source of a set. `base` is that of a Pinwheel-built one. */
export function SourceFacts({ head, base }: { head: CatalogSet; base: CatalogSet | null }) {
  if (base === null) {
    return (
      <>
        <dt>Source</dt>
        <dd>{printable(sourceText(head.source))}</dd>
      </>
    );
  }
  const sides = new URLSearchParams({ from: base.flag, to: head.flag });
  return (
    <>
      <dt>Based on</dt>
      <dd>
        <SetLink flag={base.flag} />, published by {publisherOf(base.source)}, with packages of earlier sets
        of its ABI, and some wheels replaced by patched ones.{' '}
        <a href={`/compare?${sides}`}>Compare the two</a>
      </dd>
      <dt>Its digest</dt>
      <dd class="digest">{base.digest}</dd>
    </>
  );
}
