/** Control: bare ws, the provider's stream parsed by hand. */
import { serveBare } from './bare-socket.ts';
import { providerUrl } from './environment.ts';
import { providerStream } from './provider-stream.ts';

const url = providerUrl();
await serveBare((text, signal) => providerStream(url, text, signal));
