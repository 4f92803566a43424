/** Strokes on a field of 24 by 24. */
const paths = {
  again: 'M19 12a7 7 0 1 1-2-5M19 4v4h-4',
  archive: 'M4 5h16v4H4zM5.5 9v10h13V9M10 13h4',
  back: 'M14.5 6l-6 6 6 6',
  check: 'M5 12.5 10 17 19 7',
  clip: 'M8 12.5l6-6a3 3 0 0 1 4.300 4.300l-7.500 7.500a4.800 4.800 0 0 1-6.800-6.800L11 4.500',
  close: 'M6 6l12 12M18 6 6 18',
  comment: 'M4 5h16v11H9l-5 4z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  dislike: 'M7 13V4H4v9zM7 13l4 7a2 2 0 0 0 2-2v-4h5a2 2 0 0 0 2-2.3l-1-6A2 2 0 0 0 17 4H7',
  down: 'M12 5v14M6 13l6 6 6-6',
  dots: 'M5 12h.01M12 12h.01M19 12h.01',
  failed: 'M12 8v5M12 16.5h.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  flow: 'M4 4h5v5H4zM15 15h5v5h-5zM9 6.500h5a3 3 0 0 1 3 3V15',
  forth: 'M9.5 6l6 6-6 6',
  keys: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  like: 'M7 11v9H4v-9zM7 11l4-7a2 2 0 0 1 2 2v4h5a2 2 0 0 1 2 2.3l-1 6A2 2 0 0 1 17 20H7',
  list: 'M4 7h16M4 12h16M4 17h10',
  new: 'M12 5v14M5 12h14',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  question: 'M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 1-1 1.7M12 17h.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  save: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20',
  send: 'M12 19V5M6 11l6-6 6 6',
  share: 'M12 15V4M8 7.500 12 3.500l4 4M6 11H5v9h14v-9h-1',
  source:
    'M10 14a4 4 0 0 0 6 .4l2.5-2.5a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4L5.5 12a4 4 0 0 0 5.7 5.700l1.3-1.3',
  stop: 'M8 8h8v8H8z',
  tool: 'M14.5 6.500a4 4 0 0 0-5.3 5L4 16.7 7.3 20l5.200-5.200a4 4 0 0 0 5-5.300l-2.5 2.5-2.5-.5-.5-2.500z',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  usage: 'M5 20v-7M12 20V5M19 20V9',
  wait: 'M12 7v5l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
} as const;

export type IconName = keyof typeof paths;

/** A drawing beside words, or inside a button that has a name; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" data-icon={name}>
      <path d={paths[name]} />
    </svg>
  );
}
