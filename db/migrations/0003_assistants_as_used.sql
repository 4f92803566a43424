CREATE TABLE "switchboard"."assistant_versions" (
	"assistant_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "assistant_versions_assistant_id_version_pk" PRIMARY KEY("assistant_id","version")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."input_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"prompt" text NOT NULL,
	"schema" json NOT NULL,
	"subject" json,
	"status" text NOT NULL,
	"answer" json,
	"answered_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "inputs_by_run" UNIQUE("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "switchboard"."message_words" (
	"chat_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"words" "tsvector" NOT NULL,
	CONSTRAINT "message_words_chat_id_message_id_pk" PRIMARY KEY("chat_id","message_id")
);
--> statement-breakpoint
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
CREATE TABLE "switchboard"."tool_calls" (
	"run_id" uuid NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"input" jsonb,
	"read_only" boolean NOT NULL,
	"step" integer NOT NULL,
	"state" text NOT NULL,
	"output" jsonb,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "tool_calls_run_id_id_pk" PRIMARY KEY("run_id","id")
);
--> statement-breakpoint
ALTER TABLE "switchboard"."runs" DROP CONSTRAINT "runs_by_message";--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "owner_id" text;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "avatar" text;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "top_p" double precision;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "max_output_tokens" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "tools" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "limits" jsonb DEFAULT '{"steps":null}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "follow_ups" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "created_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."assistants" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."chat_events" ADD COLUMN "input_id" uuid;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "title_is_draft" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "share_id" text;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "read_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "indexed_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD COLUMN "queue_paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "switchboard"."messages" ADD COLUMN "feedback" jsonb;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "kind" text DEFAULT 'send' NOT NULL;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "parent_message_id" uuid;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "sent_text" text;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "steers" uuid;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "app_version" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "suspended_seq" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."runs" ADD COLUMN "due_seq" integer;--> statement-breakpoint
ALTER TABLE "switchboard"."assistant_versions" ADD CONSTRAINT "assistant_versions_assistant_id_assistants_id_fk" FOREIGN KEY ("assistant_id") REFERENCES "switchboard"."assistants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."input_requests" ADD CONSTRAINT "input_requests_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."message_words" ADD CONSTRAINT "message_words_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "switchboard"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "switchboard"."tool_calls" ADD CONSTRAINT "tool_calls_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "switchboard"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inputs_by_expiry" ON "switchboard"."input_requests" USING btree ("expires_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "message_words_by_word" ON "switchboard"."message_words" USING gin ("words");--> statement-breakpoint
CREATE INDEX "model_calls_by_day" ON "switchboard"."model_calls" USING btree ("owner_id","opened_at");--> statement-breakpoint
CREATE INDEX "model_calls_by_chat" ON "switchboard"."model_calls" USING btree ("chat_id");--> statement-breakpoint
CREATE INDEX "model_calls_open" ON "switchboard"."model_calls" USING btree ("run_id") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "assistants_by_owner" ON "switchboard"."assistants" USING btree ("owner_id","id");--> statement-breakpoint
CREATE INDEX "chats_debug" ON "switchboard"."chats" USING btree ("updated_at") WHERE debug;--> statement-breakpoint
CREATE INDEX "messages_by_parent" ON "switchboard"."messages" USING btree ("chat_id","parent_id");--> statement-breakpoint
CREATE INDEX "runs_by_chat" ON "switchboard"."runs" USING btree ("chat_id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_by_message" ON "switchboard"."runs" USING btree ("chat_id","user_message_id") WHERE kind <> 'regenerate';--> statement-breakpoint
CREATE UNIQUE INDEX "runs_by_new_answer" ON "switchboard"."runs" USING btree ("chat_id","message_id") WHERE kind = 'regenerate';--> statement-breakpoint
CREATE INDEX "runs_steering" ON "switchboard"."runs" USING btree ("steers") WHERE steers is not null;--> statement-breakpoint
ALTER TABLE "switchboard"."chats" ADD CONSTRAINT "chats_by_share" UNIQUE("share_id");--> statement-breakpoint
-- What was there before is read.
UPDATE "switchboard"."chats" SET "read_seq" = "seq";
