import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pageFolder } from '../../page-folder.ts';
import { ok, warning } from './finding.ts';
import type { Finding } from './finding.ts';

export function checkPage(folder = pageFolder): Finding {
  if (existsSync(join(folder, 'index.html'))) return ok('page', 'built');
  return warning('page', 'not built, so that a browser gets 404', 'run npm start, or npm run build');
}
