/** The emoji of an assistant. A picture somewhere else is not shown: the page asks no other origin for anything. */
export function Avatar({ avatar }: { readonly avatar: string | null }) {
  if (avatar === null || avatar.startsWith('https:')) return null;
  return (
    <span className="avatar" aria-hidden="true">
      {avatar}
    </span>
  );
}
