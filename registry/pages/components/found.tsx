import { raw } from 'hono/html';

export interface FoundProps {
  /** Of what changes here. */
  feed?: { path: string; title: string };
  /** As schema.org has it. */
  data?: object;
}

/** What search engines, previews and readers look for in the head of a page. */
export function Found({ feed, data }: FoundProps) {
  return (
    <>
      {feed && <link rel="alternate" type="application/atom+xml" title={feed.title} href={feed.path} />}
      {data && <script type="application/ld+json">{raw(inScript(data))}</script>}
    </>
  );
}

/** JSON of which no part ends the element that it stands in. */
function inScript(data: object): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
