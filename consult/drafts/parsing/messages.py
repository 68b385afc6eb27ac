"""The sentences for refused files and for warnings, in English for gettext."""

from __future__ import annotations

from typing import Final


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark ``message`` for extraction and return it unchanged; the web layer's door imports
    the web framework, which the parsing process must not load."""
    return message


REASONS: Final[dict[str, str]] = {
    "too_large": N_(
        "The file is larger than %(limit)s MB. Send a smaller file, for example without images."
    ),
    "empty": N_("The file is empty. Choose the file again and make sure that it has content."),
    "unsupported_type": N_(
        "Files of type %(extension)s cannot be read. Open the file in your word processor, save "
        "it as .docx and send that; .doc, .pdf and .txt are accepted as well."
    ),
    "needs_office": N_(
        "Files of type %(extension)s are read with LibreOffice, which is not installed on this "
        "server. Save the file as .docx and send that, or ask the administrator to install the "
        "package libreoffice-writer-nogui."
    ),
    "old_word": N_(
        "The file is of Word 6 or Word 95, which is read with LibreOffice or antiword; neither is "
        "installed on this server. Save the file as .docx and send that, or ask the administrator "
        "to install the package antiword."
    ),
    "mislabelled": N_(
        "The content of the file is not what its name %(filename)s says. Save it again as "
        ".docx, .pdf or .txt and send that."
    ),
    "mislabelled_as": N_(
        "The file is named %(filename)s, but it is really of type %(actual)s. Open it with the "
        "program for that type, save it as .docx and send that."
    ),
    "misnamed": N_(
        "The file is named %(filename)s, but it is really of type %(actual)s, which can be read. "
        "Give its name the ending %(extension)s and send it again."
    ),
    "entities": N_(
        "The file refers to other files or declares entities, which no word processor writes, so "
        "it was refused. Save the document again as .docx and send that."
    ),
    "embedded_text": N_(
        "The file holds its text, or a part of it, as another file put inside (such as a web page "
        "that a program turned into .docx), which cannot be read. Open it in your word processor, "
        "save it again as .docx and send that."
    ),
    "garbled_text": N_(
        "The text of the PDF is garbled: its fonts do not tell which letters they show, so that "
        "copying from it gives meaningless signs. Send the .docx from which it was made, or save "
        "it as PDF anew."
    ),
    "scan_without_text": N_(
        "The PDF holds only scanned images (%(pages)s pages) and no text, and this server cannot "
        "recognise words in images (OCR). Send the .docx from which it was made or a PDF with a "
        "text layer, or ask the administrator to install the package tesseract-ocr-vie."
    ),
    "scan_takes_long": N_(
        "The PDF holds only scanned images (%(pages)s pages). Recognising its words takes minutes "
        "and is done only for uploads on the web page."
    ),
    "scan_too_long": N_(
        "The PDF is a scan of %(pages)s pages; words are recognised in at most %(limit)s pages. "
        "Send the .docx from which it was made, or divide the file."
    ),
    "scan_unreadable": N_(
        "No words could be recognised in the scan (%(pages)s pages). Send the .docx from which it "
        "was made, or a clearer scan."
    ),
    "encrypted": N_(
        "The file is protected by a password. Remove the password in your word processor and "
        "send the file again."
    ),
    "macros": N_("The file carries macros. Save it as .docx without macros and send that."),
    "broken": N_(
        "The file is damaged or was cut off, so it cannot be opened. Open it on your computer, "
        "save it again and send the new file."
    ),
    "bad_encoding": N_(
        "The characters of the text file cannot be recognised. Save it with the encoding UTF-8 "
        "and send it again."
    ),
    "bomb": N_(
        "The file unpacks to far more data than a document needs, so it was refused. Save the "
        "document again as .docx and send that."
    ),
    "too_slow": N_(
        "Reading the file took longer than %(seconds)s seconds and was stopped. Send a simpler "
        "file, for example without drawings, or divide it."
    ),
    "too_many_pages": N_(
        "The file has more than %(limit)s pages. Divide it and send the parts separately."
    ),
    "too_much_text": N_(
        "The file holds more text than can be handled at once. Divide it and send the parts "
        "separately."
    ),
    "too_many_provisions": N_(
        "The file divides into more than %(limit)s provisions. Divide it and send the parts "
        "separately."
    ),
}

WARNINGS: Final[dict[str, str]] = {
    "tcvn3": N_(
        "The text was typed in a TCVN3 font (.VnTime and the like) and converted to Unicode. "
        "Compare the sample and confirm it."
    ),
    "vni": N_(
        "The text was typed in a VNI font and converted to Unicode. Compare the sample and confirm "
        "it."
    ),
    "ocr": N_(
        "The file is a scan: its words were recognised by a machine, with mistakes. Compare them "
        "with the original and correct the file, then confirm the reading."
    ),
    "duplicate_number": N_("The number “%(label)s” occurs twice. It was left as it is."),
    "number_gap": N_("“%(label)s” does not follow “%(previous)s”: a number is missing between."),
    "doubtful_heading": N_("“%(label)s” looks like a heading but is out of order: kept as text."),
    "out_of_order": N_(
        "“%(label)s” stands after “%(previous)s”, out of order. It was left in its place."
    ),
    "unassigned_text": N_("This text belongs to no provision: “%(excerpt)s”"),
    "unclosed_quote": N_("A quotation opens here and is not closed: “%(excerpt)s”"),
    "no_marks": N_(
        "No article was found, but lines such as “%(excerpt)s” look like articles typed without "
        "Vietnamese marks. Send the text with its marks so that articles can be recognised."
    ),
    "no_structure": N_("No numbered headings were found. Each paragraph became a provision."),
    "tracked_changes": N_(
        "The file holds tracked changes. They were read as accepted; please compare with your "
        "document."
    ),
    "hidden_text": N_("The file holds hidden text. It was left out."),
    "footnotes": N_("Footnotes: %(count)s. Each stands after the paragraph that refers to it."),
    "page_furniture": N_(
        "Page numbers and running headers were left out: %(count)s lines, namely %(excerpt)s."
    ),
    "pages_without_text": N_("Pages without text, perhaps scanned: %(pages)s."),
}
