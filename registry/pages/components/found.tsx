import { raw } from 'hono/html';

export interface FoundProps {
  /** The feed of the page's changes. */
  feed?: { path: string; title: string };
  /** Structured data of schema.org. */
  data?: object;
}

/** Elements of the head for search engines, previews and feed readers. */
export function Found({ feed, data }: FoundProps) {
  return (
    <>
      {feed && <link rel="alternate" type="application/atom+xml" title={feed.title} href={feed.path} />}
      {data && <script type="application/ld+json">{raw(inScript(data))}</script>}
    </>
  );
}

/** JSON that cannot end its script element. */
function inScript(data: object): string {
  return JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
