import type { JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';

/**
 * That the server is there; what KFP's frontend adds to the answer comes with it. Nobody has to name a namespace here, so that it is
 * never told to be a server for several users: kfp's clients would look for a service account then.
 */
export function health({ app }: Context, more: JsonObject = {}): JsonObject {
  return {
    commit_sha: '',
    tag_name: app.version,
    multi_user: false,
    ...more,
    apiServerReady: true,
    apiServerMultiUser: false,
    apiServerCommitHash: '',
    apiServerTagName: app.version,
    frontendCommitHash: '',
    frontendTagName: app.version,
    buildDate: '',
  };
}
