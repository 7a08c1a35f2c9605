/** Routes of the website, as `GET /players/:username`: they are pages, no part of the API. */
export const WEBSITE = /^(GET|POST) \/(players|leaderboards|overlay|account|console|assets)?(\/|$)/
