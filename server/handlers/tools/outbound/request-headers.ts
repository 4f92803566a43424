import { z } from 'zod';

/** What says where a request goes and how it is framed is not for whoever writes its headers. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|via|forwarded|x-forwarded-.*|proxy-.*)$/i;

/** Headers that models and authors may give a request. */
export const RequestHeaders = z
  .record(
    z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/),
    z
      .string()
      .max(4_000)
      .regex(/^[\t\x20-\x7e]*$/, 'expected characters of ASCII, without line breaks'),
  )
  .refine((headers) => Object.keys(headers).length <= 50, 'expected at most 50 headers')
  .refine(
    (headers) => !Object.keys(headers).some((name) => ownHeaders.test(name)),
    'expected no headers that say how the request is sent',
  );
