import { type DataTypeNode, type KyselyPlugin, type OperationNode, OperationNodeTransformer, RawNode } from 'kysely';

/**
 * Columns of text are ordered by their bytes, as in SQLite, whatever the database was created with: pages and their tokens mean the
 * same everywhere, and no update of the system's locales can spoil an index.
 */
class ByteOrderTransformer extends OperationNodeTransformer {
  protected override transformDataType(node: DataTypeNode): DataTypeNode {
    if (node.dataType !== 'text') return node;
    return RawNode.createWithSql('text collate "C"') satisfies OperationNode as unknown as DataTypeNode;
  }
}

export function byteOrder(): KyselyPlugin {
  const transformer = new ByteOrderTransformer();
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => result,
  };
}
