/** Path of the chat's file below the loader's folder; filled in when bundling. */
declare const __CHAT_FILE__: string;
