ALTER TABLE "switchboard"."chats" ADD COLUMN "queue_paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "sent_text" text;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "steers" uuid;--> statement-breakpoint
CREATE INDEX "runs_steering" ON "switchboard"."runs" USING btree ("steers") WHERE steers is not null;