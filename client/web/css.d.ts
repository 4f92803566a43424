/** Style sheets of parts that come after the first screen are imported where they are needed. */
declare module '*.css';
