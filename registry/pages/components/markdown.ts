/** A page as Markdown, from the same elements as its HTML: headings, prose, lists, tables and lines to copy. */
import { type Child, isValidElement } from 'hono/jsx';
import { visible } from '../../../resolver/text/printable.ts';
import { PAGES } from './document.tsx';
import { columnOf, rowOf, Table, type TableProps } from './text.tsx';

export const MARKDOWN = 'text/markdown; charset=utf-8';

const PAGE = PAGES.map((path) => path.slice(1)).join('|');
const NAMED = 'packages/[^/?#.]+|sets/[^/?#]+';

/** The pages that are Markdown at an address that ends in `.md`, as patterns of the router. */
export const MARKDOWN_PAGES = [`/:page{(?:${PAGE})\\.md}`, '/:kind{packages|sets}/:name{.+\\.md}'];

/** Matches links to pages. */
const LINK_TO_PAGE = new RegExp(`^/(?:${PAGE}|${NAMED})(?=\\?|$)`);

interface Element {
  tag: string;
  props: Record<string, unknown>;
  children: readonly Child[];
}

type Piece = string | Element;

/** Elements for interaction, and pictures whose data is in the text too. */
const SKIPPED = new Set(['button', 'form', 'label', 'legend', 'nav', 'output', 'script', 'select', 'svg']);
const BLOCKS = new Set(
  'article aside caption dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 li main ol p pre search section summary table ul'.split(
    ' ',
  ),
);

/** The address of a page is repeated in links within it, unless it is longer. */
const LONGEST_REPEATED = 500;

export function markdownOf(page: Child, address: URL): string {
  const main = find(piecesOf(page), 'main');
  return main ? `${blocksIn(main, address).join('\n')}\n`.replace(/\n{3,}/g, '\n\n') : '';
}

/** A tree of elements and texts: components but tables are called, fragments and lists flattened. */
function piecesOf(child: Child): Piece[] {
  if (child === null || child === undefined || typeof child === 'boolean') return [];
  if (Array.isArray(child)) return child.flatMap(piecesOf);
  if (!isValidElement(child)) return [String(child)];
  const { tag, props, children } = child;
  if (tag === Table) return [{ tag: 'table', props, children }];
  if (typeof tag === 'function') return piecesOf(tag(props) as Child);
  return tag === '' ? piecesOf(children) : [{ tag, props, children }];
}

function childrenOf({ children, tag }: Element): Piece[] {
  return tag === 'head' ? [] : children.flatMap(piecesOf).filter(isShown);
}

function isShown(piece: Piece): boolean {
  if (typeof piece === 'string') return true;
  const { tag, props } = piece;
  return !SKIPPED.has(tag) && !props.hidden && props.class !== 'unseen';
}

const isElement = (piece: Piece): piece is Element => typeof piece !== 'string';

function find(pieces: readonly Piece[], tag: string): Element | undefined {
  for (const piece of pieces.filter(isElement)) {
    const wanted = piece.tag === tag ? piece : find(childrenOf(piece), tag);
    if (wanted) return wanted;
  }
  return undefined;
}

/** Lines, with empty ones between blocks. */
function blocksIn(element: Element, address: URL): string[] {
  const blocks: string[] = [];
  let run: Piece[] = [];
  const endRun = () => {
    const said = inline(run, address);
    if (said !== '') blocks.push(said, '');
    run = [];
  };
  for (const child of childrenOf(element)) {
    if (typeof child === 'string' || !BLOCKS.has(child.tag)) run.push(child);
    else {
      endRun();
      blocks.push(...blockOf(child, address));
    }
  }
  endRun();
  return blocks;
}

function blockOf(element: Element, address: URL): string[] {
  const { tag } = element;
  switch (tag) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
      return [`${'#'.repeat(Number(tag[1]))} ${inline(childrenOf(element), address)}`, ''];
    case 'dt':
    case 'summary':
      return [`**${inline(childrenOf(element), address)}**`, ''];
    case 'pre':
      return ['```', textOf(element), '```', ''];
    case 'ul':
    case 'ol':
      return [
        ...childrenOf(element)
          .filter(isElement)
          .flatMap((item) => itemOf(item, address)),
        '',
      ];
    case 'table':
      return tableOf(element.props as unknown as TableProps, address);
    default:
      return blocksIn(element, address);
  }
}

function itemOf(element: Element, address: URL): string[] {
  const [first = '', ...rest] = blocksIn(element, address).filter((line) => line !== '');
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** A table from its cells, without their markup. */
function tableOf({ caption, columns, rows }: TableProps, address: URL): string[] {
  const said = (pieces: readonly Piece[]) => inline(pieces.filter(isShown), address);
  const shown = rows.map(rowOf).filter(({ isHidden }) => !isHidden);
  const body = shown.map(({ cells }) => columns.map((_, at) => piecesOf(cells[at])));
  return [
    ...(caption ? [said(piecesOf(caption)), ''] : []),
    line(columns.map((column) => said(piecesOf(columnOf(column).name)))),
    line(columns.map(() => '---')),
    ...body.map((cells) => line(cells.map(said))),
    '',
    // A cell has one line.
    ...figuresIn(body.flat(2)).flatMap((figure) => blocksIn(figure, address)),
  ];
}

function figuresIn(pieces: readonly Piece[]): Element[] {
  return pieces
    .filter(isElement)
    .flatMap((piece) => (piece.tag === 'figure' ? piece : figuresIn(childrenOf(piece))));
}

function inline(pieces: readonly Piece[], address: URL): string {
  const said = pieces.map((piece) => inlineOf(piece, address)).join('');
  return said.replace(/\s+/g, ' ').trim();
}

function inlineOf(piece: Piece, address: URL): string {
  if (typeof piece === 'string') return markupless(visible(piece.replace(/\s+/g, ' ')));
  const { tag, props } = piece;
  if (tag === 'br') return ' ';
  if (tag === 'figure') return '';
  if (tag === 'code') return `\`${textOf(piece)}\``;
  // Spaces at the edges of an element separate it from its neighbours.
  const said = childrenOf(piece)
    .map((child) => inlineOf(child, address))
    .join('');
  if (said.trim() === '') return said;
  if (tag === 'a' && typeof props.href === 'string') {
    // A link within the page repeats its address in every row.
    const isLong = props.href.startsWith('#') && address.href.length > LONGEST_REPEATED;
    const href = props.href.replace(LINK_TO_PAGE, '$&.md');
    return isLong ? said : `[${said.trim()}](${absolute(href, address)})`;
  }
  if (tag === 'strong' || tag === 'b') return `**${said.trim()}**`;
  return BLOCKS.has(tag) ? ` ${said} ` : said;
}

/** Most links are paths and fragments, which need no parser. */
function absolute(href: string, address: URL): string {
  if (href.startsWith('/')) return address.origin + href;
  return href.startsWith('#') ? address.href + href : new URL(href, address).href;
}

function textOf(element: Element): string {
  return childrenOf(element)
    .map((child) => (typeof child === 'string' ? child : textOf(child)))
    .join('');
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

const markupless = (of: string) => of.replace(/[\\`*[\]<>|]/g, '\\$&');
