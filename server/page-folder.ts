import { fileURLToPath } from 'node:url';

/** The page, where the build puts it. */
export const pageFolder = fileURLToPath(new URL('../client/web/dist', import.meta.url));
