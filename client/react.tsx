'use client';

export { ChatProvider } from './react/chat-provider.tsx';
export type { ChatProviderProps } from './react/chat-provider.tsx';
export type { Catalog } from './react/catalog.ts';
export type { NewChat } from './react/chat-changes.ts';
export type { ChatItem } from './react/chat-list.ts';
export { useCatalog } from './react/use-catalog.ts';
export { useReloadCatalog } from './react/use-reload-catalog.ts';
export { useChat } from './react/use-chat.ts';
export type { FeedbackChange, UseChat } from './react/use-chat.ts';
export { useChats } from './react/use-chats.ts';
export type { UseChats, UseChatsOptions } from './react/use-chats.ts';
export { useSharedChat } from './react/use-shared-chat.ts';
export type { UseSharedChat } from './react/use-shared-chat.ts';
export { useClient, useConnection } from './react/use-client.ts';
