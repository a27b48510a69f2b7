import type { Session } from './session.ts';
import { prepare } from './session.ts';

export function saveDocumentWith(session: Session): (digest: string, body: string) => void {
  const insert = session.kysely.insertInto('documents').values({ digest: '', body: '' });
  const statement = prepare(
    session,
    insert.onConflict((conflict) => conflict.column('digest').doNothing()),
  );
  return (digest, body) => void statement.run(digest, body);
}

export function loadDocumentWith(session: Session): (digest: string) => string | undefined {
  const statement = prepare(session, session.kysely.selectFrom('documents').select('body').where('digest', '=', ''));
  return (digest) => (statement.get(digest) as { readonly body: string } | undefined)?.body;
}
