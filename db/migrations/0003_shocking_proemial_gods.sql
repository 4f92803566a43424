ALTER TABLE "switchboard"."runs" DROP CONSTRAINT "runs_by_message";--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "kind" text DEFAULT 'send' NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "parent_message_id" uuid;--> statement-breakpoint
CREATE INDEX "messages_by_parent" ON "switchboard"."messages" USING btree ("chat_id","parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_by_message" ON "switchboard"."runs" USING btree ("chat_id","user_message_id") WHERE kind <> 'regenerate';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_by_new_answer" ON "switchboard"."runs" USING btree ("chat_id","message_id") WHERE kind = 'regenerate';