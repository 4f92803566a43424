CREATE TABLE "switchboard"."model_calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"chat_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"model" text,
	"step" integer NOT NULL,
	"status" text NOT NULL,
	"input_tokens" integer DEFAULT 0 NOT NULL,
	"output_tokens" integer DEFAULT 0 NOT NULL,
	"source" text,
	"reserved_tokens" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "model_calls_by_day" ON "switchboard"."model_calls" USING btree ("owner_id","opened_at");--> statement-breakpoint
CREATE INDEX "model_calls_by_chat" ON "switchboard"."model_calls" USING btree ("chat_id");--> statement-breakpoint
CREATE INDEX "model_calls_open" ON "switchboard"."model_calls" USING btree ("run_id") WHERE status = 'open';