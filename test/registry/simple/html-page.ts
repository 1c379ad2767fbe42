/** A page of the index as HTML, read by workerd's own parser. */
export interface HtmlPage {
  doctype: string;
  /** The content of `meta` elements, by name. */
  meta: Record<string, string>;
  anchors: { text: string; attributes: Record<string, string> }[];
  /** The text outside of the anchors. */
  text: string;
  elements: Set<string>;
}

export async function readHtml(response: Response): Promise<HtmlPage> {
  // Not text(): workerd warns of texts that are not of type text/*.
  const html = new TextDecoder().decode(await response.arrayBuffer());
  const page: HtmlPage = { doctype: '', meta: {}, anchors: [], text: '', elements: new Set() };
  let inAnchor = false;
  const rewriter = new HTMLRewriter()
    .onDocument({
      doctype({ name }) {
        page.doctype = name ?? '';
      },
    })
    .on('*', {
      element(element) {
        page.elements.add(element.tagName);
        if (element.tagName === 'meta') {
          page.meta[element.getAttribute('name') ?? ''] = unescaped(element.getAttribute('content') ?? '');
        }
        if (element.tagName !== 'a') return;
        inAnchor = true;
        const attributes = [...element.attributes].map(([name, value]) => [name!, unescaped(value!)]);
        page.anchors.push({ text: '', attributes: Object.fromEntries(attributes) });
        element.onEndTag(() => {
          inAnchor = false;
        });
      },
    })
    .on('body', {
      text(chunk) {
        if (inAnchor) page.anchors.at(-1)!.text += unescaped(chunk.text);
        else page.text += unescaped(chunk.text);
      },
    });
  await rewriter.transform(new Response(html)).arrayBuffer();
  return page;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!);
}
