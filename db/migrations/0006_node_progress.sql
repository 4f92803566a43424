ALTER TABLE "switchboard"."runs" ADD COLUMN "nodes" jsonb;
