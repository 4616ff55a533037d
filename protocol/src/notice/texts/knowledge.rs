//! Articles, their upload, and search by meaning.

super::notices! {
    article_too_large() = "The text is larger than 10 MB. Split it into smaller articles.";
    article_empty() = "Write the article's text; it is empty.";
    article_not_cut() = "The server could not cut the text into passages; its log says more. Try again, or split the text into smaller articles.";
    article_given_up() = "The server could not finish reading it in several attempts; its log says more. Try again, or save the document as plain text and upload that.";
    title_too_long() = "It is too long. Write it in one short line.";
    title_missing() = "Give the article a title.";
    title_is_permanent() = "An article keeps its title. Send only the file.";
    unknown_form_field(name) = "The form has a field {name}. Send only title and file.";
    file_missing() = "Choose a file.";
    not_multipart() = "Send the file as multipart/form-data.";
    form_incomplete() = "The upload broke off or is not a complete form. Nothing was stored; try again.";
    meaning_model_malformed() = "Choose a provider and write the model's name as the provider spells it, without spaces.";
    meaning_not_offered() = "This provider has no models for search by meaning. Choose another one.";
    embeddings_of_other_length(length) = "The model's vectors are not of length {length} any more: there seems to be another model behind its name. Switch search by meaning off and on again to have all passages prepared anew.";
    meaning_useless() = "It answers, but it tells questions and answers apart in none of the languages that it was tried in. Choose a model that is made for searching.";
}
