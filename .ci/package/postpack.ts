import { restoreManifest } from './checkout-manifest.ts';

restoreManifest();
