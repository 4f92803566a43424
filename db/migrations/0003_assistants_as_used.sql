CREATE TABLE "switchboard"."message_words" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"words" "tsvector" NOT NULL,
	CONSTRAINT "message_words_chat_id_message_id_pk" PRIMARY KEY("chat_id","message_id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "share_id" text;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "read_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "indexed_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "queue_paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."messages" ADD COLUMN "feedback" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "sent_text" text;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "steers" uuid;--> statement-breakpoint
ALTER TABLE "switchboard"."message_words" ADD CONSTRAINT "message_words_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_words_by_word" ON "switchboard"."message_words" USING gin ("words");--> statement-breakpoint
CREATE INDEX "runs_steering" ON "switchboard"."runs" USING btree ("steers") WHERE steers is not null;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD CONSTRAINT "chats_by_share" UNIQUE("share_id");