/** A page as Markdown, converted from its HTML: headings, prose, lists, tables and lines to copy, without forms. */
import type { Context } from 'hono';
import type { Env } from '../../env.ts';
import { lines, MARKDOWN, table, text } from './markdown.ts';

interface Element {
  tag: string;
  attributes: string;
  children: (Element | string)[];
}

const VOID = new Set(['br', 'circle', 'hr', 'img', 'input', 'line', 'link', 'meta', 'path', 'rect', 'wbr']);
/** Elements for interaction, and pictures whose data is in the text too. */
const SKIPPED = new Set(['button', 'form', 'label', 'legend', 'nav', 'output', 'script', 'select', 'svg']);
const BLOCKS = new Set(
  'article aside caption dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 li main ol p pre search section summary table ul'.split(
    ' ',
  ),
);

const LONGEST_REPEATED = 500;

/** Pages whose address may end in `.md`; others have their own Markdown. */
export const PAGES_AS_MARKDOWN = '/:page{(?:resolve|compare|flags|stdlib|patched|api)\\.md}';

/** Converts what `fetch` returns for the address of the page. */
export async function replyAsMarkdown(
  c: Context<Env>,
  fetch: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  const url = new URL(c.req.url);
  url.pathname = url.pathname.slice(0, -'.md'.length);
  const response = await fetch(new Request(url, { method: c.req.method, headers: c.req.raw.headers }));
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', MARKDOWN);
  headers.delete('content-security-policy');
  const address = new URL(url.pathname + url.search, c.env.PUBLIC_URL).href;
  const body = pageMarkdown(await response.text(), address);
  return new Response(body, { status: response.status, headers });
}

/** Converts the page at an address, whose HTML is well-formed; null if it has no content. */
export function pageMarkdown(html: string, address: string): string | null {
  const start = html.indexOf('<main');
  const main = start < 0 ? null : find(parse(html.slice(start, html.indexOf('</main>'))), 'main');
  return main && lines([...blocksIn(main, new URL(address))]).replace(/\n{3,}/g, '\n\n');
}

/** The text and the attributes contain no unescaped `<` or `>`. */
function parse(html: string): Element {
  const root: Element = { tag: '', attributes: '', children: [] };
  const open = [root];
  for (let at = 0; at < html.length; ) {
    const start = html.indexOf('<', at);
    const parent = open.at(-1)!;
    if (start !== at) parent.children.push(html.slice(at, start < 0 ? html.length : start));
    if (start < 0) break;
    const end = html.indexOf('>', start);
    const isEmpty = html[end - 1] === '/';
    const inside = html.slice(start + 1, isEmpty ? end - 1 : end);
    const [tag = ''] = inside.split(' ', 1);
    const attributes = inside.slice(tag.length);
    at = end + 1;
    if (tag.startsWith('/')) {
      const opened = open.findLastIndex((one) => one.tag === tag.slice(1));
      open.length = Math.max(1, opened);
    } else if (!tag.startsWith('!')) {
      const element = { tag, attributes, children: [] };
      parent.children.push(element);
      if (!isEmpty && !VOID.has(tag)) open.push(element);
    }
  }
  return root;
}

function find(of: Element, tag: string): Element | null {
  if (of.tag === tag) return of;
  for (const child of of.children) {
    const found = typeof child === 'string' ? null : find(child, tag);
    if (found) return found;
  }
  return null;
}

function isShown({ tag, attributes }: Element): boolean {
  if (attributes === '') return !SKIPPED.has(tag);
  return !SKIPPED.has(tag) && !/\shidden(?==|\s|$)|class="(?:unseen|asked)"/.test(attributes);
}

/** Lines, with empty ones between blocks. */
function blocksIn({ children }: Element, address: URL): string[] {
  const found: string[] = [];
  let run: (Element | string)[] = [];
  const endRun = () => {
    const said = inline(run, address);
    if (said !== '') found.push(said, '');
    run = [];
  };
  for (const child of children) {
    if (typeof child !== 'string' && !isShown(child)) continue;
    if (typeof child === 'string' || !BLOCKS.has(child.tag)) run.push(child);
    else {
      endRun();
      found.push(...blockOf(child, address));
    }
  }
  endRun();
  return found;
}

function blockOf(element: Element, address: URL): string[] {
  const { tag, children } = element;
  switch (tag) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
      return [`${'#'.repeat(Number(tag[1]))} ${inline(children, address)}`, ''];
    case 'dt':
    case 'summary':
      return [`**${inline(children, address)}**`, ''];
    case 'pre':
      return ['```', decoded(textOf(element)), '```', ''];
    case 'ul':
    case 'ol':
      return [...children.flatMap((one) => (typeof one === 'string' ? [] : itemOf(one, address))), ''];
    case 'table':
      return tableOf(element, address);
    default:
      return blocksIn(element, address);
  }
}

function itemOf(element: Element, address: URL): string[] {
  if (!isShown(element)) return [];
  const [first = '', ...rest] = blocksIn(element, address).filter((line) => line !== '');
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

function tableOf(element: Element, address: URL): string[] {
  const caption = find(element, 'caption');
  const rows = rowsIn(element).map((row) =>
    row.children.flatMap((cell) => (typeof cell === 'string' ? [] : [inline([cell], address)])),
  );
  const [head = [], ...body] = rows;
  return [...(caption ? [inline(caption.children, address), ''] : []), ...table(head, body), ''];
}

function rowsIn({ children }: Element): Element[] {
  return children.flatMap((one) => {
    if (typeof one === 'string' || !isShown(one)) return [];
    return one.tag === 'tr' ? [one] : rowsIn(one);
  });
}

function inline(of: readonly (Element | string)[], address: URL): string {
  return of
    .map((one) => (typeof one === 'string' ? plain(one) : inlineOf(one, address)))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function inlineOf(element: Element, address: URL): string {
  const { tag, attributes, children } = element;
  if (!isShown(element)) return '';
  if (tag === 'br' || tag === 'wbr') return tag === 'br' ? ' ' : '';
  if (tag === 'code') return `\`${decoded(textOf(element))}\``;
  // Spaces at the edges of an element separate it from its neighbours.
  const said = children
    .map((one) => (typeof one === 'string' ? plain(one) : inlineOf(one, address)))
    .join('');
  if (said.trim() === '') return said;
  const href = tag === 'a' ? /\shref="([^"]*)"/.exec(attributes)?.[1] : undefined;
  // A link within the page repeats its address in every row.
  const isLong = href?.startsWith('#') && address.href.length > LONGEST_REPEATED;
  if (href !== undefined && !isLong) return `[${said.trim()}](${absolute(decoded(href), address)})`;
  if (tag === 'strong' || tag === 'b') return `**${said.trim()}**`;
  return BLOCKS.has(tag) ? ` ${said} ` : said;
}

/** Most links are plain paths, which need no parser of URLs. */
function absolute(href: string, address: URL): string {
  return /^\/[\w-][\w/?=&-]*$/.test(href) ? address.origin + href : new URL(href, address).href;
}

function plain(html: string): string {
  // Most texts are names and versions, which stay as they are.
  return /[^\w.,:+/ -]| {2}/.test(html) ? text(decoded(html).replace(/\s+/g, ' ')) : html;
}

function textOf({ children }: Element): string {
  return children.map((one) => (typeof one === 'string' ? one : textOf(one))).join('');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(html: string): string {
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!);
}
