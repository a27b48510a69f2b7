import { createElement, type ReactNode, useMemo } from 'react';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';
import classes from './markdown.module.css';

/** Markdown of a step, as elements made here: nothing in it can bring markup of its own. */
export function MarkdownView({ source }: { readonly source: string }) {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  return <article className={classes['markdown']}>{blocks.map((block, at) => renderBlock(block, at))}</article>;
}

function renderBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'heading':
      // The page has the first two levels.
      return createElement(`h${Math.min(6, block.level + 2)}`, { key, 'data-level': block.level }, renderInline(block.text));
    case 'paragraph':
      return <p key={key}>{renderInline(block.text)}</p>;
    case 'code':
      return (
        <pre key={key} tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'quote':
      return <blockquote key={key}>{block.blocks.map((inner, at) => renderBlock(inner, at))}</blockquote>;
    case 'list': {
      const items = block.items.map((item, at) => <li key={at}>{renderItem(item)}</li>);
      return block.isOrdered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
    case 'table':
      return (
        <div key={key} className={classes['tableScroll']}>
          <table>
            <thead>
              <tr>
                {block.header.map((cell, at) => (
                  <th key={at} scope="col">
                    {renderInline(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>{renderInline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'rule':
      return <hr key={key} />;
  }
}

/** An item of one paragraph is a line. */
function renderItem(blocks: readonly Block[]): ReactNode {
  const [first, ...rest] = blocks;
  if (first?.kind !== 'paragraph') return blocks.map((block, at) => renderBlock(block, at));
  return [renderInline(first.text), ...rest.map((block, at) => renderBlock(block, at))];
}

function renderInline(parts: readonly Inline[]): ReactNode[] {
  return parts.map((part, key) => {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'code':
        return <code key={key}>{part.text}</code>;
      case 'strong':
        return <strong key={key}>{renderInline(part.parts)}</strong>;
      case 'emphasis':
        return <em key={key}>{renderInline(part.parts)}</em>;
      case 'deleted':
        return <del key={key}>{renderInline(part.parts)}</del>;
      case 'link':
        return (
          <a key={key} href={part.href} target="_blank" rel="noreferrer noopener">
            {renderInline(part.parts)}
          </a>
        );
      case 'image':
        return part.source === '' ? <em key={key}>[image: {part.text}]</em> : <img key={key} src={part.source} alt={part.text} />;
    }
  });
}
