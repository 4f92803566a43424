CREATE TABLE "switchboard"."summaries" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "summaries_chat_id_message_id_pk" PRIMARY KEY("chat_id","message_id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."summaries" ADD CONSTRAINT "summaries_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;