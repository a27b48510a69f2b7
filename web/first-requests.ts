/**
 * Asks for what home and the page of all runs show, while the rest of the code is still being loaded: call.ts takes the answers.
 * It has a file of its own in the built dashboard, which comes first; for that it does without packages (scripts/build-web.ts).
 */
import { urlOf } from './api/call.ts';
import { askEarly } from './api/early-answers.ts';
import { HOME_LISTS, RUN_FILTERS, runListInput } from './api/run-list-input.ts';
import { keep, parseSearch } from './search-params.ts';

const { pathname, search, hash } = location;
// An address of the stock frontend (hash-routes.ts) is that of another page.
if (hash === '' && (pathname === '/' || pathname === '/runs')) {
  askEarly(urlOf('Session_Get'));
  const lists = pathname === '/' ? Object.values(HOME_LISTS) : [keep(...RUN_FILTERS)(parseSearch(search))];
  for (const filters of lists) askEarly(urlOf('Run_List', runListInput(filters)));
}
